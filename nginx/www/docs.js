// Shows the API's description by Swagger UI, if that is installed; else the page stays as it is.

globalThis.SwaggerUIBundle?.({
  url: "/openapi.json",
  dom_id: "#viewer",
  deepLinking: true,
  validatorUrl: null, // a service elsewhere
});
