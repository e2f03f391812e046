import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.sourcelab.kafka.connect.apiclient.Configuration;
import org.sourcelab.kafka.connect.apiclient.KafkaConnectClient;
import org.sourcelab.kafka.connect.apiclient.request.dto.ConnectorStatus;

/** Prints what the client reads of one status. Arguments: url, connector. */
public final class ReadStatus {
  public static void main(final String[] args) throws Exception {
    final KafkaConnectClient connect = new KafkaConnectClient(new Configuration(args[0]));
    final ConnectorStatus status = connect.getConnectorStatus(args[1]);
    final List<?> seen =
        List.of(
            status.getConnector(),
            status.getTasks().get(0).getState(),
            connect.getConnectorTaskStatus(args[1], 0).getState());
    System.out.println(new ObjectMapper().writeValueAsString(java.util.Map.of("seen", seen)));
  }
}
