// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * A QEMU process as a machine: started, stopped, looked into, never left behind.
 *
 * <p>Place in the data path: below everything that knows of firmware. A {@link
 * io.efirts.qemu.machine.QemuMachine} offers guest RAM as bytes this JVM maps, and control of the
 * one vCPU; what runs in the guest and what the bytes mean is not known here.
 *
 * <p>Linux only: the process is watched through a pipe and talked to over Unix sockets. A null
 * argument is misuse throughout and throws {@link java.lang.NullPointerException} naming the
 * argument.
 */
package io.efirts.qemu.machine;
