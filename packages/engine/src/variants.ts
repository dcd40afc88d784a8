/** What an app is built as, largest first. */
export const variants = ['single', 'dev', 'prod', 'distroless'] as const
export type Variant = (typeof variants)[number]
