export const articles = [{ name: 'teapot', price: 12 }]
