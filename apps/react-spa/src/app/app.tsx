import { CSPProvider } from '@base-ui/react/csp-provider'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from 'react-router/dom'
import { createQueryClient } from '../data/query-client.ts'
import { ConfigGate } from './config-gate.tsx'
import { createRouter } from './router.tsx'

const queryClient = createQueryClient()
const router = createRouter()

export function App() {
  return (
    <CSPProvider disableStyleElements>
      <QueryClientProvider client={queryClient}>
        <ConfigGate>
          <RouterProvider router={router} />
        </ConfigGate>
      </QueryClientProvider>
    </CSPProvider>
  )
}
