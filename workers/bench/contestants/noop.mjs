// The least a Worker does: it reads the body and sends it back.

export default {
  fetch: async (request) => new Response(await request.text(), { headers: { "Content-Type": "application/json" } }),
};
