import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.sourcelab.kafka.connect.apiclient.Configuration;
import org.sourcelab.kafka.connect.apiclient.KafkaConnectClient;
import org.sourcelab.kafka.connect.apiclient.request.dto.*;
import org.sourcelab.kafka.connect.apiclient.request.post.PostConnectorRestart;
import org.sourcelab.kafka.connect.apiclient.rest.exceptions.InvalidRequestException;
import org.sourcelab.kafka.connect.apiclient.rest.exceptions.ResourceNotFoundException;

/** The life of a connector by Maven's org.sourcelab:kafka-connect-client; prints what it saw as JSON. */
public final class LifeCycle {
  static final String PLUGIN = "org.apache.kafka.connect.file.FileStreamSourceConnector";

  static KafkaConnectClient connect;
  static String name;

  /** Arguments: url, connector, topic, file. */
  public static void main(final String[] args) throws Exception {
    connect = new KafkaConnectClient(new Configuration(args[0]));
    name = args[1];
    final Map<String, String> config = new LinkedHashMap<>();
    config.put("connector.class", PLUGIN);
    config.put("tasks.max", "1");
    config.put("file", args[3]);
    final Map<String, String> withoutTopic = Map.copyOf(config);
    config.put("topic", args[2]);

    final Map<String, Object> seen = new LinkedHashMap<>();
    seen.put("version", connect.getConnectServerVersion().getVersion());
    connect.getConnectorPlugins().stream()
        .filter(one -> one.getClassName().equals(PLUGIN))
        .map(one -> Map.of("class", one.getClassName(), "type", one.getType(), "version", one.getVersion()))
        .forEach(one -> seen.put("plugin", one));
    seen.put("invalid", invalid(withoutTopic));
    seen.put("refused", refusal(() -> connect.addConnector(definition(withoutTopic))));
    seen.put("unknown", refusal(() -> connect.getConnector(name)));
    final ConnectorDefinition created = connect.addConnector(definition(config));
    seen.put("created", List.of(created.getName(), created.getType(), created.getTasks().size()));
    seen.put("running", until("RUNNING", "RUNNING"));
    seen.put("taken", refusal(() -> connect.addConnector(definition(config))));
    seen.put("listed", List.of(connect.getConnectors(), expanded()));
    seen.put("tasks", tasks());
    final TaskStatus task = connect.getConnectorTaskStatus(name, 0);
    seen.put("task", List.of(task.getId(), task.getState()));
    config.put("batch.size", "7");
    final ConnectorDefinition updated = connect.updateConnectorConfig(name, config);
    seen.put(
        "updated",
        List.of(updated.getConfig().get("batch.size"), connect.getConnectorConfig(name).get("batch.size")));
    seen.put("rerun", until("RUNNING", "RUNNING"));
    seen.put(
        "restarted",
        List.of(
            connect.restartConnector(name),
            connect.restartConnector(new PostConnectorRestart(name).withIncludeTasks(true)),
            connect.restartConnectorTask(name, 0)));
    seen.put("restarted for real", until("RUNNING", "RUNNING"));
    connect.pauseConnector(name);
    seen.put("paused", until("PAUSED", "PAUSED"));
    connect.resumeConnector(name);
    seen.put("resumed", until("RUNNING", "RUNNING"));
    connect.stopConnector(name);
    seen.put("stopped", until("STOPPED"));
    connect.resumeConnector(name);
    seen.put("resumed after a stop", until("RUNNING", "RUNNING"));
    connect.deleteConnector(name);
    seen.put("deleted", connect.getConnectors());
    System.out.println(new ObjectMapper().writeValueAsString(seen));
  }

  static NewConnectorDefinition definition(final Map<String, String> config) {
    return NewConnectorDefinition.newBuilder().withName(name).withConfig(config).build();
  }

  static Map<String, Object> invalid(final Map<String, String> config) {
    final ConnectorPluginConfigDefinition.Builder asked =
        ConnectorPluginConfigDefinition.newBuilder().withName(PLUGIN).withConfig(config);
    asked.withConfig("name", name);
    return connect.validateConnectorPluginConfig(asked.build()).getConfigs().stream()
        .map(one -> one.getValue())
        .filter(value -> !value.getErrors().isEmpty())
        .collect(Collectors.toMap(value -> value.getName(), value -> value.getErrors()));
  }

  static List<String> expanded() {
    final ConnectorsWithExpandedMetadata all = connect.getConnectorsWithAllExpandedMetadata();
    return all.getStatusForConnector(name).getName().equals(all.getDefinitionForConnector(name).getName())
        ? List.of("info", "status")
        : List.of();
  }

  static List<List<Object>> tasks() {
    return connect.getConnectorTasks(name).stream()
        .map(one -> List.<Object>of(one.getId().getConnector(), one.getId().getTask(), one.getConfig().get("topic")))
        .collect(Collectors.toList());
  }

  static List<Object> refusal(final Runnable call) {
    try {
      call.run();
    } catch (final InvalidRequestException refused) {
      return List.of(refused.getErrorCode(), refused.getMessage());
    }
    throw new AssertionError("it was not refused");
  }

  static List<String> until(final String... wanted) throws InterruptedException {
    final long deadline = System.nanoTime() + 20_000_000_000L;
    while (true) {
      final List<String> seen = states();
      if (seen.equals(List.of(wanted))) return seen;
      if (System.nanoTime() > deadline)
        throw new AssertionError(name + " is " + seen + ", not " + List.of(wanted));
      Thread.sleep(100);
    }
  }

  /** Right after its creation a connector has no status, in Kafka Connect neither. */
  static List<String> states() {
    try {
      final ConnectorStatus status = connect.getConnectorStatus(name);
      final List<String> states = new ArrayList<>(List.of(status.getConnector().get("state")));
      status.getTasks().forEach(task -> states.add(task.getState()));
      return states;
    } catch (final ResourceNotFoundException none) {
      return List.of();
    }
  }
}
