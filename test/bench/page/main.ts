// The page of the driver's tools: what is not a measurement of one system.

Object.assign(window, { inpageTools: () => import('./tools.ts') });
