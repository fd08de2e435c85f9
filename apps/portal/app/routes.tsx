import { createBrowserRouter } from 'react-router-dom'
import { followsScope } from './shell/scope-notices.tsx'
import { BrokenPage, Shell } from './shell/shell.tsx'

/** Every page, loaded when it is opened; vite.config.ts says which share a file. Addresses are those of `paths.ts`. */
export const router = createBrowserRouter([
  {
    errorElement: <BrokenPage />,
    HydrateFallback: () => null,
    children: [
      {
        path: '/sign-in',
        lazy: async () => ({ Component: (await import('../pages/sign-in/sign-in.tsx')).SignIn }),
      },
      {
        Component: Shell,
        children: [
          {
            index: true,
            handle: followsScope,
            lazy: async () => ({ Component: (await import('../pages/overview/overview.tsx')).OverviewPage }),
          },
          {
            path: 'recommendations',
            handle: followsScope,
            lazy: async () => ({
              Component: (await import('../pages/recommendations/recommendations.tsx')).RecommendationsPage,
            }),
          },
          {
            path: 'recommendations/container-images',
            handle: followsScope,
            lazy: async () => ({
              Component: (await import('../pages/recommendation/recommendation.tsx')).RecommendationPage,
            }),
          },
          {
            path: 'recommendations/container-images/disable-rule',
            lazy: async () => ({
              Component: (await import('../pages/disable-rule/disable-rule.tsx')).DisableRulePage,
            }),
          },
          {
            path: 'registries',
            handle: followsScope,
            lazy: async () => ({
              Component: (await import('../pages/registries/registries.tsx')).RegistriesPage,
            }),
          },
          {
            path: 'registries/new',
            lazy: async () => ({
              Component: (await import('../pages/connect-registry/connect-registry.tsx')).ConnectRegistryPage,
            }),
          },
          {
            path: 'registries/:registryId/edit',
            lazy: async () => ({
              Component: (await import('../pages/edit-registry/edit-registry.tsx')).EditRegistryPage,
            }),
          },
          {
            path: 'registries/:registryId',
            lazy: async () => ({ Component: (await import('../pages/registry/registry.tsx')).RegistryPage }),
          },
          {
            path: 'registries/:registryId/repositories/*',
            lazy: async () => ({
              Component: (await import('../pages/repository/repository.tsx')).RepositoryPage,
            }),
          },
          {
            path: 'registries/:registryId/images/:digest',
            lazy: async () => ({ Component: (await import('../pages/image/image.tsx')).ImagePage }),
          },
          {
            path: 'images',
            handle: followsScope,
            lazy: async () => ({ Component: (await import('../pages/images/images.tsx')).ImagesPage }),
          },
          {
            path: 'findings',
            handle: followsScope,
            lazy: async () => ({ Component: (await import('../pages/findings/findings.tsx')).FindingsPage }),
          },
          {
            path: 'findings/:findingId',
            lazy: async () => ({ Component: (await import('../pages/finding/finding.tsx')).FindingPage }),
          },
          {
            path: 'rules',
            handle: followsScope,
            lazy: async () => ({ Component: (await import('../pages/rules/rules.tsx')).RulesPage }),
          },
          {
            path: 'rules/new',
            lazy: async () => ({ Component: (await import('../pages/new-rule/new-rule.tsx')).NewRulePage }),
          },
          {
            path: 'rules/:ruleId',
            lazy: async () => ({ Component: (await import('../pages/rule/rule.tsx')).RulePage }),
          },
          {
            path: 'rules/:ruleId/edit',
            lazy: async () => ({
              Component: (await import('../pages/edit-rule/edit-rule.tsx')).EditRulePage,
            }),
          },
          {
            path: 'scans',
            handle: followsScope,
            lazy: async () => ({ Component: (await import('../pages/scans/scans.tsx')).ScansPage }),
          },
          {
            path: 'settings',
            lazy: async () => ({ Component: (await import('../pages/settings/settings.tsx')).SettingsPage }),
          },
          {
            path: 'settings/scopes',
            lazy: async () => ({ Component: (await import('../pages/scopes/scopes.tsx')).ScopesPage }),
          },
          {
            path: 'settings/scopes/:subscriptionId',
            lazy: async () => ({
              Component: (await import('../pages/subscription/subscription.tsx')).SubscriptionPage,
            }),
          },
          {
            path: 'settings/registries',
            handle: followsScope,
            lazy: async () => ({
              Component: (await import('../pages/registries/connected-registries.tsx'))
                .ConnectedRegistriesPage,
            }),
          },
          {
            path: 'settings/import',
            handle: followsScope,
            lazy: async () => ({ Component: (await import('../pages/imports/imports.tsx')).ImportsPage }),
          },
          {
            path: 'settings/clusters',
            lazy: async () => ({ Component: (await import('../pages/clusters/clusters.tsx')).ClustersPage }),
          },
          {
            path: 'settings/billing',
            handle: followsScope,
            lazy: async () => ({ Component: (await import('../pages/billing/billing.tsx')).BillingPage }),
          },
          {
            path: '*',
            lazy: async () => ({
              Component: (await import('../pages/not-found/not-found.tsx')).NotFoundPage,
            }),
          },
        ],
      },
    ],
  },
])
