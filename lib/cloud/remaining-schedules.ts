import {
  GetScheduleCommand,
  paginateListSchedules,
  type SchedulerClient,
} from '@aws-sdk/client-scheduler'
import { NotFoundError } from '../errors.ts'
import type { Remains } from '../ports.ts'
import { calling } from './aws-errors.ts'
import { schedulePrefix } from './names.ts'
import type { ScheduleSettings } from './scheduler-schedules.ts'

/** A list gives names alone, and a name tells a connector only to who knows it: of the others the schedule itself is read. */
export const remainingSchedules =
  (client: SchedulerClient, settings: ScheduleSettings): Remains['schedules'] =>
  async (known) => {
    const names = await calling('listing all schedules', () => all(client, settings.group))
    const prefixes = new Set((await known()).map((name) => schedulePrefix(settings.stage, name)))
    const strays = new Set<string>()
    for (const name of names) {
      const isTasks = /-\d+$/.test(name)
      if (!isTasks || prefixes.has(name.replace(/\d+$/, ''))) continue
      const connector = await connectorOf(client, settings.group, name)
      if (connector !== undefined) strays.add(connector)
    }
    return [...strays]
  }

async function all(client: SchedulerClient, GroupName: string): Promise<string[]> {
  const names: string[] = []
  for await (const { Schedules } of paginateListSchedules({ client, pageSize: 100 }, { GroupName }))
    names.push(...(Schedules ?? []).flatMap(({ Name }) => Name ?? []))
  return names
}

/** Undefined when it is gone by now, or no source task's. */
async function connectorOf(
  client: SchedulerClient,
  GroupName: string,
  Name: string,
): Promise<string | undefined> {
  try {
    const { Target } = await calling(`reading the schedule ${Name}`, () =>
      client.send(new GetScheduleCommand({ GroupName, Name })),
    )
    return /^\{"connector":/.test(Target?.Input ?? '')
      ? String(JSON.parse(Target?.Input ?? '').connector)
      : undefined
  } catch (error) {
    if (error instanceof NotFoundError) return undefined
    throw error
  }
}
