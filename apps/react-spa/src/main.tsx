import './global.css'
import { CSPProvider } from '@base-ui/react/csp-provider'
import { QueryClientProvider } from '@tanstack/react-query'
import { type ComponentType, StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { createBrowserRouter, createHashRouter } from 'react-router'
import { RouterProvider } from 'react-router/dom'
import type { pages } from '../pages.ts'
import { createQueryClient } from './data/reports.ts'
import { Layout } from './layout.tsx'
import { ConfigGate, CrashPage, NotFoundPage } from './problem-pages.tsx'
import { PageSkeleton } from './ui/text.tsx'

/** Each page is a chunk of its own. */
const loaders: Record<(typeof pages)[number], () => Promise<ComponentType>> = {
  '/': async () => (await import('./compare/compare-page.tsx')).ComparePage,
  '/builds': async () => (await import('./builds/builds-page.tsx')).BuildsPage,
  '/dockerfile': async () => (await import('./dockerfile/dockerfile-page.tsx')).DockerfilePage,
  '/gallery': async () => (await import('./gallery/gallery-page.tsx')).GalleryPage,
  '/history': async () => (await import('./history/history-page.tsx')).HistoryIndex,
  '/history/:app/:variant': async () => (await import('./history/history-page.tsx')).HistoryPage,
  '/images/:app/:variant': async () => (await import('./image/image-page.tsx')).ImagePage,
}
const routes = Object.entries(loaders).map(([path, Component]) => ({ path, lazy: { Component } }))

// A file, as `pnpm compare --html` writes it, has no paths.
const createRouter = location.protocol === 'file:' ? createHashRouter : createBrowserRouter
const router = createRouter([
  {
    Component: Layout,
    ErrorBoundary: CrashPage,
    children: [
      {
        ErrorBoundary: CrashPage,
        HydrateFallback: PageSkeleton,
        // The web server answers 404 with the app where it knows no page.
        children: [...routes, { path: '*', Component: NotFoundPage }],
      },
    ],
  },
])

createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <CSPProvider disableStyleElements>
      <QueryClientProvider client={createQueryClient()}>
        <ConfigGate>
          <RouterProvider router={router} />
        </ConfigGate>
      </QueryClientProvider>
    </CSPProvider>
  </StrictMode>,
)
