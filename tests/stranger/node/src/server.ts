import express from 'express'
import { articles } from './articles.js'

const app = express()
app.get('/healthz', (_request, response) => response.json({ status: 'live' }))
app.get('/articles', (_request, response) => response.json(articles))
app.listen(4000)
