FROM nginx:1.30-trixie
COPY --chmod=644 <<END /etc/nginx/nginx.conf
events {}
http { server { listen 8080; root /usr/share/nginx/html; } }
END
COPY --chmod=644 <<END /usr/share/nginx/html/index.html
<title>A page</title>
END
EXPOSE 8080
