import {
  CreateAliasCommand,
  DeleteAliasCommand,
  GetAliasCommand,
  InvokeCommand,
  paginateListAliases,
  UpdateAliasCommand,
} from '@aws-sdk/client-lambda'

/** By this alias a function is invoked. */
export const LIVE = 'live'
/** With a number: an alias that each function of a release has, so that it is known which versions belong together and none of them is removed. */
const RELEASE = 'release-'
const KEPT = 5

export class NoSuchRelease extends Error {}

/** The releases of a deployment. `functions`: names of the four by what they are; versions are told by the same keys. */
export function releases(client, functions) {
  const keys = Object.keys(functions)
  // Releases are looked for at the coordinator: whoever is cut off leaves none that seems whole, and none that is never found again.
  const lastIsCoordinator = [...keys.filter((key) => key !== 'coordinator'), 'coordinator']

  /** The version that an alias of a function points at; undefined when there is no such alias. */
  async function versionOf(key, alias) {
    try {
      const command = new GetAliasCommand({ FunctionName: functions[key], Name: alias })
      return (await client.send(command)).FunctionVersion
    } catch (error) {
      if (error.name !== 'ResourceNotFoundException') throw error
    }
  }

  async function versionsAt(alias) {
    const versions = await Promise.all(keys.map((key) => versionOf(key, alias)))
    return Object.fromEntries(keys.map((key, at) => [key, versions[at]]))
  }

  /** Newest first. They are looked for at one function, and not at the sink's, which has an alias a connector. */
  async function find() {
    const found = []
    const request = { FunctionName: functions.coordinator }
    for await (const { Aliases } of paginateListAliases({ client }, request))
      for (const { Name, Description } of Aliases)
        if (Name.startsWith(RELEASE))
          found.push({ number: Number(Name.slice(RELEASE.length)), made: Description })
    return found.sort((one, other) => other.number - one.number)
  }

  /** Those that all functions have. */
  async function list() {
    const whole = []
    for (const one of await find()) {
      const versions = await versionsAt(RELEASE + one.number)
      if (isWhole(versions)) whole.push({ ...one, versions })
    }
    return whole
  }

  async function make(key, { number, made, versions }) {
    const alias = {
      FunctionName: functions[key],
      Name: RELEASE + number,
      FunctionVersion: versions[key],
      Description: made,
    }
    try {
      await client.send(new CreateAliasCommand(alias))
    } catch (error) {
      // Of a deploy that was cut off here.
      if (error.name !== 'ResourceConflictException') throw error
      await client.send(new UpdateAliasCommand(alias))
    }
  }

  async function remove(number) {
    for (const key of lastIsCoordinator) {
      if ((await versionOf(key, RELEASE + number)) === undefined) continue
      const alias = { FunctionName: functions[key], Name: RELEASE + number }
      await client.send(new DeleteAliasCommand(alias))
    }
  }

  return {
    /** Moves `live` of each function that is elsewhere; gives these back. Whoever is cut off in between does it again. */
    async goTo(versions) {
      const live = await versionsAt(LIVE)
      const moved = keys.filter((key) => live[key] !== versions[key])
      for (const key of moved)
        await client.send(
          new UpdateAliasCommand({
            FunctionName: functions[key],
            Name: LIVE,
            FunctionVersion: versions[key],
          }),
        )
      return { moved }
    },

    /** Remembers these versions as the newest release, unless they are it already. */
    async record(versions) {
      const all = await list()
      const [newest] = all
      if (newest && isSame(newest.versions, versions))
        return { number: newest.number, isNew: false }
      const number = (newest?.number ?? 0) + 1
      const release = { number, made: new Date().toISOString(), versions }
      for (const key of lastIsCoordinator) await make(key, release)
      const oldest = [release, ...all].slice(0, KEPT).at(-1).number
      for (const { number: old } of await find()) if (old < oldest) await remove(old)
      return { number, isNew: true }
    },

    /** The release of this number, or the one before that which is live. @throws NoSuchRelease, naming those there are. */
    async choose(to) {
      const all = await list()
      const known = all.map(({ number, made }) => `${number} of ${made}`).join(', ') || 'none'
      if (to !== undefined) {
        const asked = all.find(({ number }) => String(number) === to)
        if (asked) return asked
        throw new NoSuchRelease(`There is no release ${to}; known are ${known}`)
      }
      const live = await versionsAt(LIVE)
      const at = all.findIndex(({ versions }) => isSame(versions, live))
      if (at === -1)
        throw new NoSuchRelease(
          `What is live is of no one release; say by --to which it shall be. Known are ${known}`,
        )
      if (at + 1 < all.length) return all[at + 1]
      throw new NoSuchRelease(`Before release ${all[at].number} none is known`)
    },

    /** Aliases of connectors follow at the coordinator's next tick; this is one. */
    async nudge() {
      const command = new InvokeCommand({
        FunctionName: functions.coordinator,
        Qualifier: LIVE,
        InvocationType: 'Event',
        Payload: '{}',
      })
      await client.send(command)
    },
  }
}

const isWhole = (versions) => Object.values(versions).every((version) => version !== undefined)

const isSame = (one, other) => Object.keys(one).every((key) => one[key] === other[key])
