"""What Kafka Connect's HTTP framework refuses by itself comes without a Content-Type, which OpenAPI cannot say."""

import schemathesis


@schemathesis.hook
def after_call(context, case, response):
    if "content-type" not in response.headers and response.content.startswith(b'{"error_code":4'):
        assert response.json()["message"].startswith("HTTP 4"), response.text
        response.headers["content-type"] = ["application/json"]
