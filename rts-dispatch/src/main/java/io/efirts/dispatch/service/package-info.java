// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * The interfaces of the API as the dispatcher implements them.
 *
 * <p>Place in the data path: its near end. A service asks which firmware instance serves, takes one
 * of that instance's paths, and only packs before and copies out after.
 */
package io.efirts.dispatch.service;
