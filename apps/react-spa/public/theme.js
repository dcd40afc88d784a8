// Before the first paint, so that a remembered theme does not flash; src/app/theme.ts writes what this reads.
try {
  const theme = localStorage.getItem('theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch {
  // No storage, no remembered theme: the system's applies.
}
