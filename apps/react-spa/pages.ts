/** The app's pages: what the server answers with the app, and what the app has routes for. */
export const pages = [
  '/',
  '/builds',
  '/dockerfile',
  '/gallery',
  '/history',
  '/history/:app/:variant',
  '/images/:app/:variant',
] as const

/** Whether the path of a URL, still encoded, is one of {@link pages}. */
export function isPage(path: string): boolean {
  return pages.some((page) => new RegExp(`^${page.replaceAll(/:\w+/g, '[^/]+')}$`).test(path))
}
