// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * The two ways in as the dispatcher implements them.
 *
 * <p>Place in the data path: its near end. {@link io.efirts.dispatch.service.QueuedPath} lends a
 * call, publishes it and waits; {@link io.efirts.dispatch.service.DirectPath} passes the gate on
 * the calling thread. The typed and the ABI interface only pack before and copy out after.
 */
package io.efirts.dispatch.service;
