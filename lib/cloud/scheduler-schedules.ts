import {
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  DeleteScheduleCommand,
  paginateListSchedules,
  type SchedulerClient,
} from '@aws-sdk/client-scheduler'
import { ConflictError, NotFoundError } from '../errors.ts'
import type { Schedules, TaskEvent } from '../ports.ts'
import { already, calling } from './aws-errors.ts'
import { scheduleOf, schedulePrefix, taskOfSchedule } from './names.ts'

export type ScheduleSettings = {
  readonly stage: string
  /** name of the schedule group */
  readonly group: string
  /** ARN of the source function */
  readonly targetArn: string
  /** ARN of the role by which the scheduler invokes it */
  readonly roleArn: string
}

export const schedulerSchedules = (
  client: SchedulerClient,
  settings: ScheduleSettings,
): Schedules => ({
  async ensure(event) {
    const command = new CreateScheduleCommand(scheduleRequest(settings, event))
    await already(ConflictError, `making the schedule of ${taskName(event)}`, () =>
      client.send(command),
    )
  },

  async remove(event) {
    const command = new DeleteScheduleCommand({
      GroupName: settings.group,
      Name: scheduleOf(settings.stage, event),
    })
    await already(NotFoundError, `removing the schedule of ${taskName(event)}`, () =>
      client.send(command),
    )
  },

  list: (connector) =>
    calling(`listing the schedules of ${connector}`, () => tasksOf(client, settings, connector)),
})

/** One a minute is the floor; a tick that got lost is made good by the next one, so none is tried again. */
export const scheduleRequest = (
  { stage, group, targetArn, roleArn }: ScheduleSettings,
  event: TaskEvent,
): CreateScheduleCommandInput => ({
  GroupName: group,
  Name: scheduleOf(stage, event),
  Description: `Source task ${taskName(event)}`.slice(0, 512),
  ScheduleExpression: 'rate(1 minute)',
  FlexibleTimeWindow: { Mode: 'OFF' },
  Target: {
    Arn: targetArn,
    RoleArn: roleArn,
    Input: JSON.stringify({ connector: event.connector, task: event.task } satisfies TaskEvent),
    RetryPolicy: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 },
  },
})

async function tasksOf(
  client: SchedulerClient,
  { stage, group }: ScheduleSettings,
  connector: string,
): Promise<number[]> {
  const request = { GroupName: group, NamePrefix: schedulePrefix(stage, connector) }
  const tasks: number[] = []
  for await (const page of paginateListSchedules({ client, pageSize: 100 }, request))
    for (const { Name } of page.Schedules ?? []) {
      const task = taskOfSchedule(stage, connector, Name ?? '')
      if (task !== undefined) tasks.push(task)
    }
  return tasks.sort((a, b) => a - b)
}

const taskName = ({ connector, task }: TaskEvent): string => `${connector}-${task}`
