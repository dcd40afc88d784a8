import { useLocation } from 'react-router'
import { AppLink } from '../../ui/app-link.tsx'
import { PageHeader } from '../../ui/page-header.tsx'

export function NotFoundPage() {
  const { pathname } = useLocation()
  return (
    <>
      <PageHeader title="Not found" lead={`There is no page at ${pathname}.`} />
      <p>
        <AppLink to="/">Compare the images</AppLink>
      </p>
    </>
  )
}
