/// SES: mail is stored, not sent, for people and tests to read.
@NullMarked
package dev.orderflow.localcloud.ses;

import org.jspecify.annotations.NullMarked;
