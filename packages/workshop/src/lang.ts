export type Lang = 'en' | 'es'
export const langs: readonly Lang[] = ['en', 'es']
