// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * What an embedder decides: how the worker waits, what follows a fault, what surrounds a reset, who
 * takes the latencies.
 *
 * <p>Place in the data path: beside it. Nothing here is asked between a call's publication and its
 * end, but for the latency recorder where there is one.
 */
package io.efirts.dispatch.policy;
