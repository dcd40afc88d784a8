import type { ComponentType } from 'react'
import { createBrowserRouter } from 'react-router'
import type { pages } from '../../pages.ts'
import { NotFoundPage } from '../pages/not-found/not-found-page.tsx'
import { PageSkeleton } from '../ui/skeleton.tsx'
import { CrashPage } from './crash-page.tsx'
import { Layout } from './layout.tsx'

type PageModule = { default: ComponentType }

/** Each page is a chunk of its own. */
const loaders: Record<(typeof pages)[number], () => Promise<PageModule>> = {
  '/': () => import('../pages/compare/compare-page.tsx'),
  '/dockerfile': () => import('../dockerfile/dockerfile-page.tsx'),
  '/history': () => import('../pages/history/history-index.tsx'),
  '/history/:app/:variant': () => import('../pages/history/history-page.tsx'),
  '/images/:app/:variant': () => import('../pages/image/image-page.tsx'),
}

export function createRouter() {
  const routes = Object.entries(loaders).map(([path, load]) => ({
    path,
    lazy: { Component: async () => (await load()).default },
  }))
  return createBrowserRouter([
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
}
