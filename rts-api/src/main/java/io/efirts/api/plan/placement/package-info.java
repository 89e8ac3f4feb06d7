// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * How a planner gives one region after the other its virtual address, and the two ways that are the
 * same on every architecture.
 *
 * <p>Place in the data path: inside the planners of the architectures' modules, the only ones this
 * package is exported to.
 */
package io.efirts.api.plan.placement;
