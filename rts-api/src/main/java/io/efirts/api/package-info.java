// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * EFI runtime services as a caller sees them.
 *
 * <p>Place in the data path: the near end. Two ways in over one core: {@link
 * io.efirts.api.RuntimeServices} is typed and owns the copying of arguments; {@link
 * io.efirts.api.RuntimeServicesAbi} takes the 64-bit words of a guest's own call. {@link
 * io.efirts.api.NonBlockingRuntimeServices} is the crash path's way in, which waits for nobody.
 *
 * <p>What firmware answers is a value, {@link io.efirts.api.CallResult}, never an exception. Misuse
 * is an exception: a null argument that the specification does not call optional throws {@link
 * java.lang.NullPointerException} naming it, any other misuse {@link
 * java.lang.IllegalArgumentException} with the rule, the name and the value.
 */
package io.efirts.api;
