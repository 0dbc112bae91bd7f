/// What `docker compose` runs beside the services: the sandboxes, and the two that prepare and then
/// end.
@NullMarked
package dev.orderflow.localrun.container;

import org.jspecify.annotations.NullMarked;
