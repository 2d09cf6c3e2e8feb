import type { RouteLocationNormalizedLoaded, RouteLocationRaw } from 'vue-router'

/** The page above: where the arrow at the top goes, whatever was visited before. */
export function parentOf(route: RouteLocationNormalizedLoaded): RouteLocationRaw | undefined {
  const again = route.query.case
  if (route.name === 'return' && typeof again === 'string') return { name: 'case', params: { id: again } }
  if (route.name === 'return') return { name: 'order', params: { id: route.params.orderId as string } }
  if (route.name === 'order' || route.name === 'case') return { name: 'orders' }
  return undefined
}
