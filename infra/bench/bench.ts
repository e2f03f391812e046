/** Named figures, each with its unit in its name. */
export type Figures = Readonly<Record<string, number>>

export type Bench = (options: {
  readonly rows: number
  /** How often it is measured, where a bench asks for it. */
  readonly rounds?: number
}) => Promise<Figures>
