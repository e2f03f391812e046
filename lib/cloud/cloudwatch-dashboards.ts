import { type CloudWatchClient, PutDashboardCommand } from '@aws-sdk/client-cloudwatch'
import { ConnectError } from '../errors.ts'
import type { Dashboards } from '../ports.ts'
import { calling } from './aws-errors.ts'
import { type DashboardSettings, dashboardBody } from './dashboard-body.ts'

/** The stack has made the dashboard and removes it; what stands on it is written here. */
export const cloudwatchDashboards = (
  client: CloudWatchClient,
  settings: DashboardSettings & { readonly name: string },
): Dashboards => ({
  async show(connectors) {
    const command = new PutDashboardCommand({
      DashboardName: settings.name,
      DashboardBody: dashboardBody(connectors, settings),
    })
    const action = `writing the dashboard ${settings.name}`
    const { DashboardValidationMessages: messages = [] } = await calling(action, () =>
      client.send(command),
    )
    const [first] = messages
    if (first) throw new ConnectError(`${action}: ${first.DataPath}: ${first.Message}`)
  },
})
