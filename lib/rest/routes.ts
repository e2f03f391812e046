import { getTopics, resetTopics } from './active-topics.ts'
import { patchConfig } from './change-config.ts'
import { getCluster, getHealth } from './cluster.ts'
import { getHistory, getVersion, rollBack } from './config-history.ts'
import { getPluginConfig, listPlugins, validatePlugin } from './connector-plugins.ts'
import {
  createConnector,
  deleteConnector,
  getConfig,
  getConnector,
  getTasks,
  replaceConfig,
} from './connectors.ts'
import { type Route, route } from './http.ts'
import { refuseInternal, refuseTaskConfigs } from './internal.ts'
import { listConnectors } from './list-connectors.ts'
import { getLogger, listLoggers, setLevel } from './loggers.ts'
import { getMetrics } from './metrics.ts'
import { alterOffsets, getOffsets, resetOffsets } from './offsets.ts'
import { openApiRoute } from './openapi/document.ts'
import { previewConnector } from './preview.ts'
import { restartConnector, restartTask } from './restart.ts'
import { getStatus, getTaskStatus } from './status.ts'
import { pauseConnector, resumeConnector, stopConnector } from './target-state.ts'

const CONNECT: readonly Route[] = [
  route('GET', '/', getCluster),
  route('GET', '/health', getHealth),
  route('GET', '/connectors', listConnectors),
  route('POST', '/connectors', createConnector),
  route('GET', '/connectors/{connector}', getConnector),
  route('DELETE', '/connectors/{connector}', deleteConnector),
  route('GET', '/connectors/{connector}/config', getConfig),
  route('PUT', '/connectors/{connector}/config', replaceConfig),
  route('PATCH', '/connectors/{connector}/config', patchConfig),
  route('GET', '/connectors/{connector}/config/history', getHistory),
  route('GET', '/connectors/{connector}/config/history/{version}', getVersion),
  route('PUT', '/connectors/{connector}/config/history/{version}', rollBack),
  route('GET', '/connectors/{connector}/status', getStatus),
  route('POST', '/connectors/{connector}/restart', restartConnector),
  route('PUT', '/connectors/{connector}/pause', pauseConnector),
  route('PUT', '/connectors/{connector}/resume', resumeConnector),
  route('PUT', '/connectors/{connector}/stop', stopConnector),
  route('GET', '/connectors/{connector}/tasks', getTasks),
  route('POST', '/connectors/{connector}/tasks', refuseTaskConfigs),
  route('PUT', '/connectors/{connector}/fence', refuseInternal),
  route('GET', '/connectors/{connector}/tasks/{task}/status', getTaskStatus),
  route('POST', '/connectors/{connector}/tasks/{task}/restart', restartTask),
  route('GET', '/connectors/{connector}/offsets', getOffsets),
  route('PATCH', '/connectors/{connector}/offsets', alterOffsets),
  route('DELETE', '/connectors/{connector}/offsets', resetOffsets),
  route('GET', '/connectors/{connector}/topics', getTopics),
  route('PUT', '/connectors/{connector}/topics/reset', resetTopics),
  route('GET', '/connector-plugins', listPlugins),
  route('GET', '/connector-plugins/{plugin}/config', getPluginConfig),
  route('PUT', '/connector-plugins/{plugin}/config/validate', validatePlugin),
  route('POST', '/connector-plugins/{plugin}/preview', previewConnector),
]

/** A worker may have these elsewhere, or not at all. */
export const ADMIN_ROUTES: readonly Route[] = [
  route('GET', '/admin/loggers', listLoggers),
  route('GET', '/admin/loggers/{logger}', getLogger),
  route('PUT', '/admin/loggers/{logger}', setLevel),
]

/** Where there is something to tell. */
export const METRICS_ROUTE: Route = route('GET', '/metrics', getMetrics)

export const ROUTES: readonly Route[] = [...CONNECT, openApiRoute([...CONNECT, ...ADMIN_ROUTES])]
