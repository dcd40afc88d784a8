export interface PastedText {
  dockerfile: string
  /** Empty: everything is in the context. */
  dockerignore: string
}

const key = 'stagecraft.pasted'

/** The text that this tab was given; empty if there is none. */
export function readPasted(): PastedText {
  try {
    const { dockerfile, dockerignore } = JSON.parse(sessionStorage.getItem(key) ?? '{}')
    return { dockerfile: String(dockerfile ?? ''), dockerignore: String(dockerignore ?? '') }
  } catch {
    return { dockerfile: '', dockerignore: '' }
  }
}

/** Keeps the text in this tab, reloads included. */
export function keepPasted(text: PastedText): void {
  try {
    sessionStorage.setItem(key, JSON.stringify(text))
  } catch {
    // Full or switched off: the text lasts as long as the page.
  }
}
