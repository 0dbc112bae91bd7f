/// SES: mail is not sent but kept, for a person or a test to read.
@NullMarked
package dev.orderflow.localcloud.ses;

import org.jspecify.annotations.NullMarked;
