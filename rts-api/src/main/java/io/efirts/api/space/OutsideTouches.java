// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.space;

import io.efirts.api.memory.Access;

/**
 * What a call has touched that was not declared.
 *
 * @param count how many accesses, each page that one crosses counted
 * @param firstAddress the first address; 0 if there is none
 * @param firstAccess what was done with it or tried; null if there is none
 */
public record OutsideTouches(long count, long firstAddress, Access firstAccess) {}
