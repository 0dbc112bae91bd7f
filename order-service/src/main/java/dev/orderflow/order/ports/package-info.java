/// Which port of order-service serves which paths: the public API at one, the internal API at the
/// other. The guarantee is that of [dev.orderflow.defaults.ports].
@NullMarked
package dev.orderflow.order.ports;

import org.jspecify.annotations.NullMarked;
