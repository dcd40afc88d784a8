import { createRoot } from 'react-dom/client'

createRoot(document.getElementById('root')).render(<h1>Teapots from 12 euros</h1>)
