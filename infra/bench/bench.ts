/** Named figures, each with its unit in its name. */
export type Figures = Readonly<Record<string, number>>

export type Bench = (options: { readonly rows: number }) => Promise<Figures>
