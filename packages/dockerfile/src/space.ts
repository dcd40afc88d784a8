/**
 * What counts as space in a Dockerfile: between words only the ASCII ones, around a line and between the shell's words
 * all of Unicode's White_Space.
 * @see https://pkg.go.dev/unicode#IsSpace
 */
const white = /[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/

export const isSpace = (char: string): boolean => white.test(char)

/** Without White_Space around it; a regular expression would take the square of its length. */
export function trimSpace(text: string): string {
  return trimSpaceStart(text.slice(0, endWithout(text, isSpace)))
}

export function trimSpaceStart(text: string): string {
  let begin = 0
  while (begin < text.length && isSpace(text[begin] as string)) begin++
  return text.slice(begin)
}

/** The length of what is left without the characters at its end. */
export function endWithout(text: string, drop: (char: string) => boolean): number {
  let end = text.length
  while (end > 0 && drop(text[end - 1] as string)) end--
  return end
}

/** Words, parted by ASCII space. */
export const splitWords = (text: string): string[] => text.split(/[\t\v\f\r ]+/).filter(Boolean)

/** Where the first word of a command ends; -1 where there is only one. */
export const firstSpace = (text: string): number => text.search(/[\t\v\f\r ]/)
