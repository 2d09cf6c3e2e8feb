/** Whether we are shown inside a page of somebody else, where only that one part is wanted. */
export const framed = window.self !== window.top
