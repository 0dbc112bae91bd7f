/// Services use encrypted connections only.
///
/// Unless the profile `local` is active, a service does not start if its configuration contains an
/// unencrypted connection to Postgres, AWS, another service or any other configured address. It
/// reports the properties before it opens any connection. The defaults are encrypted: Postgres with
/// `sslmode=verify-full`, AWS by the SDK.
///
/// Only configured addresses are checked. Incoming connections are encrypted up to the load
/// balancer.
@NullMarked
package dev.orderflow.defaults.encryption;

import org.jspecify.annotations.NullMarked;
