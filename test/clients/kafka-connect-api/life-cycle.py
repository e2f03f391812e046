"""The life of a connector by kafka-connect-api; prints what it saw as JSON. Arguments: url, connector, topic, file."""

import json
import sys
import time

from kafka_connect_api.errors import GenericConflict, GenericNotFound
from kafka_connect_api.kafka_connect_api import Api, Cluster, Connector

url, name, topic, file = sys.argv[1:]
plugin = "org.apache.kafka.connect.file.FileStreamSourceConnector"
config = {"connector.class": plugin, "tasks.max": "1", "file": file, "topic": topic}
api = Api(url=url)
cluster = Cluster(api)
connector = Connector(cluster, name)


def states():
    # Right after its creation a connector has no status, in Kafka Connect neither.
    try:
        return [connector.state] + [task.state for task in connector.tasks]
    except GenericNotFound:
        return []


def until(*wanted):
    deadline = time.monotonic() + 20
    while True:
        seen = states()
        if seen == list(wanted):
            return seen
        if time.monotonic() > deadline:
            raise TimeoutError(f"{name} is {seen}, not {wanted}")
        time.sleep(0.1)


def refusal(kind, call):
    try:
        call()
    except kind as error:
        # The library puts an answer it understood at the end of its details.
        return [error.code, error.details[-1]["message"]]
    raise AssertionError("it was not refused")


seen = {"version": cluster.version}
seen["plugin"] = [one for one in api.get("/connector-plugins") if one["class"] == plugin][0]
seen["unknown"] = refusal(GenericNotFound, lambda: connector.config)
connector.config = config  # PUT …/config
seen["running"] = until("RUNNING", "RUNNING")
seen["existed"] = connector.exists()
seen["taken"] = refusal(
    GenericConflict,
    lambda: api.post("/connectors", json={"name": name, "config": config}),
)
seen["listed"] = name in cluster.connectors
seen["class"] = connector.connector_class
seen["tasks"] = [[repr(one), one.config["topic"]] for one in connector.tasks]
seen["task"] = [connector.tasks[0].status["id"], connector.tasks[0].is_running()]
connector.config = {**config, "batch.size": "7"}
seen["updated"] = connector.config["batch.size"]
connector.restart()
connector.restart_all_tasks()
seen["restarted"] = until("RUNNING", "RUNNING")
connector.pause()
seen["paused"] = until("PAUSED", "PAUSED")
connector.resume()
seen["resumed"] = until("RUNNING", "RUNNING")
connector.cycle_connector()
seen["cycled"] = until("RUNNING", "RUNNING")
connector.delete()
seen["deleted"] = list(cluster.connectors)
print(json.dumps(seen))
