// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * The ways into one firmware instance.
 *
 * <p>Place in the data path: between the services and the ring or the gate. {@link
 * io.efirts.dispatch.path.QueuedPath} lends a call, publishes it and waits; {@link
 * io.efirts.dispatch.path.DirectPath} passes the gate on the calling thread.
 */
package io.efirts.dispatch.path;
