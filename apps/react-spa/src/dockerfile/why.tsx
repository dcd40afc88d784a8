/** A reason as the analyzer gives it: what stands between backticks is code. */
export function Why({ text }: { text: string }) {
  return text.split('`').map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part))
}
