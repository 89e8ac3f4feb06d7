// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * A firmware instance with everything that leads to it, and which one serves.
 *
 * <p>Place in the data path: between the services and the paths. Services ask {@link
 * io.efirts.dispatch.instance.Instances} for the instance that serves, and stay with that one until
 * their call has ended.
 *
 * <pre>
 *  services --> Instances.current() --> ArmedInstance --> queued, bypass, reset --> ring, gate
 *                    |                       | disabled, and the policy re-arms
 *                    `--> its successor, then -'
 * </pre>
 */
package io.efirts.dispatch.instance;
