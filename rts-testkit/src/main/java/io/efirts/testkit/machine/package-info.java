// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * A machine whose registers firmware can break.
 *
 * <p>Place in the data path: around every call. {@link io.efirts.testkit.machine.ScriptedContext}
 * is entered and left by a dispatcher under test and watches how; {@link
 * io.efirts.testkit.machine.ScriptedVcpu} is the processor it saves, sets up and repairs, and what
 * a {@linkplain io.efirts.testkit.machine.ScriptedVcpu#corrupting corrupting} behaviour breaks. An
 * ordinary and a crash context share one processor, as they do on a machine.
 */
package io.efirts.testkit.machine;
