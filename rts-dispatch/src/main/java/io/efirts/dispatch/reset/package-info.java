// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * What surrounds ResetSystem: hooks before it, the bounded way in, fallbacks after it.
 *
 * <p>Place in the data path: between the services and a firmware instance, beside the queue. {@link
 * io.efirts.dispatch.reset.ResetSequence} runs on its caller's thread.
 */
package io.efirts.dispatch.reset;
