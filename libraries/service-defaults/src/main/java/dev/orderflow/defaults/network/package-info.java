/// How other hosts are found and how long they are waited for.
@NullMarked
package dev.orderflow.defaults.network;

import org.jspecify.annotations.NullMarked;
