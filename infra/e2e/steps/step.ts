import type { Api } from '../api.ts'
import type { Scene } from '../scene.ts'

/** One thing that the end-to-end run does and checks; what it returns is told. @throws Error when it is not so. */
export type Step = {
  readonly title: string
  run(scene: Scene): Promise<string | undefined>
}

/** @throws Error before the first deployment. */
export function apiOf({ api }: Scene): Api {
  if (!api) throw new Error('nothing is deployed')
  return api
}
