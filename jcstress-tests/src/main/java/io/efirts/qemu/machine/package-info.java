// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/** Who lets a machine's vCPU run when a use or a crash meets a pause. */
package io.efirts.qemu.machine;
