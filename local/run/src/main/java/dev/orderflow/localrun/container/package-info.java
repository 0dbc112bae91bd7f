/// The commands that `docker compose` runs beside the services.
@NullMarked
package dev.orderflow.localrun.container;

import org.jspecify.annotations.NullMarked;
