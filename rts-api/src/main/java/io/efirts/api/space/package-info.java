// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * The address spaces in which firmware is called, as far as they are the same on every
 * architecture: what is known about one, and a witness of what a call touches in it.
 *
 * <p>Place in the data path: a context enters a {@link io.efirts.api.space.FirmwareSpace} around
 * every call; an {@link io.efirts.api.space.IsolationWitness} stands between firmware's memory and
 * the tables.
 *
 * <p>A null argument is misuse throughout and throws {@link java.lang.NullPointerException} naming
 * the argument.
 */
package io.efirts.api.space;
