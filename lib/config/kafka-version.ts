/** The release whose behaviour this is: clients switch features on by it. */
export const KAFKA_VERSION = '4.3.1'
export const KAFKA_COMMIT = '26b251a451ce941d'
